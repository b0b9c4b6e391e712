/**
 * The use cases behind the REST API, without HTTP: resources and operations as tables, versions,
 * validation, JSON patches, masking of secrets.
 */
@NullMarked
package dev.ironic.core.api;

import org.jspecify.annotations.NullMarked;
