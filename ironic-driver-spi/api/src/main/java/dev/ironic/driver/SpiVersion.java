package dev.ironic.driver;

/**
 * A version of this SPI. A plug-in says which one it was written against; the conductor refuses one
 * it cannot serve instead of failing later with a linkage error.
 *
 * @param major changes when something was removed or changed meaning
 * @param minor grows when something was added
 */
public record SpiVersion(int major, int minor) {

  /** The version of the SPI on the class path. */
  public static final SpiVersion CURRENT = new SpiVersion(1, 0);

  /**
   * Tells whether a plug-in written against this version runs on the given SPI.
   *
   * @param provided the version that the conductor offers
   */
  public boolean runsOn(SpiVersion provided) {
    return major == provided.major && minor <= provided.minor;
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
