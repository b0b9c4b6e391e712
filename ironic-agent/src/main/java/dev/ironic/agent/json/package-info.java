/** JSON as plain maps and lists, with typed access to members. */
@NullMarked
package dev.ironic.agent.json;

import org.jspecify.annotations.NullMarked;
