@org.jspecify.annotations.NullMarked
package dev.ironic.core.api;
