package dev.ironic.driver.generic;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.BootFiles;
import java.util.Set;

/** The ways to boot over the network: who serves the files, and which loader reads them. */
enum NetworkBootKind {
  /** The firmware's PXE loads pxelinux or GRUB over TFTP. */
  PXE("pxe", BootFiles.Service.TFTP, false, BootDevice.PXE),
  /** The firmware's PXE loads iPXE over TFTP, which loads the rest over HTTP. */
  IPXE("ipxe", BootFiles.Service.HTTP, true, BootDevice.PXE),
  /** The firmware loads GRUB over HTTP. */
  HTTP("http", BootFiles.Service.HTTP, false, BootDevice.UEFIHTTP),
  /** The firmware loads iPXE over HTTP. */
  HTTP_IPXE("http-ipxe", BootFiles.Service.HTTP, true, BootDevice.UEFIHTTP);

  private final String interfaceName;
  private final BootFiles.Service service;
  private final boolean ipxe;
  private final BootDevice device;

  NetworkBootKind(
      String interfaceName, BootFiles.Service service, boolean ipxe, BootDevice device) {
    this.interfaceName = interfaceName;
    this.service = service;
    this.ipxe = ipxe;
    this.device = device;
  }

  /** The name of its boot interface. */
  String interfaceName() {
    return interfaceName;
  }

  /** Who serves its files. */
  BootFiles.Service service() {
    return service;
  }

  /** Whether the boot loader is iPXE. */
  boolean ipxe() {
    return ipxe;
  }

  /** Whether the firmware is given the address of the loader instead of a server and a name. */
  boolean loaderByUrl() {
    return device == BootDevice.UEFIHTTP;
  }

  /** What the machine is told to boot from. */
  BootDevice device() {
    return device;
  }

  /** What others may ask of it. */
  Set<String> capabilities() {
    return ipxe
        ? Set.of("ramdisk_boot", "ipxe_boot", "pxe_boot")
        : Set.of("ramdisk_boot", "pxe_boot");
  }
}
