/** Hardware that does not exist: for tests, trials and load generators. */
@NullMarked
package dev.ironic.driver.fake;

import org.jspecify.annotations.NullMarked;
