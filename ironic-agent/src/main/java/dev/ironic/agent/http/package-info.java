/** The agent as an HTTP client: trust, redirects, time limits. */
@NullMarked
package dev.ironic.agent.http;

import org.jspecify.annotations.NullMarked;
