package dev.ironic.driver.generic;

import dev.ironic.driver.KernelLine;
import java.util.Optional;

/** The texts that boot loaders read. */
final class BootScripts {

  /** What every ramdisk of ours is started with, before its own parameters. */
  private static final String ALWAYS = "selinux=0 troubleshoot=0 text ";

  private BootScripts() {}

  /**
   * Where a machine finds the two files of a ramdisk, in the form that its boot loader wants.
   *
   * @param kernel a path or an address
   * @param initramfs a path or an address
   */
  record Ramdisk(String kernel, String initramfs) {}

  /**
   * The iPXE script that all machines start with: goes on to the script of the machine, which is
   * named by one of its network cards.
   *
   * @param folder where those are, relative to this one
   * @param fallback the script for machines that have none
   */
  static String ipxeStart(String folder, Optional<String> fallback) {
    return """
        #!ipxe
        # The way in for every machine: its own script is named after one of its network cards.
        chain --autofree %1$s/${mac:hexhyp} && exit ||
        set card:int32 0
        :next
        isset ${net${card}/mac} || goto none
        echo Looking for the script of ${net${card}/mac}
        chain --autofree %1$s/${net${card}/mac:hexhyp} && exit ||
        inc card
        goto next
        :none
        %2$s
        """
        .formatted(
            folder,
            fallback
                .map("chain --autofree %s"::formatted)
                .orElse("echo There is no script for this machine\nsleep 10\nexit"));
  }

  /** An iPXE script that boots a ramdisk, trying patiently. */
  static String ipxeRamdisk(Ramdisk ramdisk, KernelLine line, int timeout) {
    String limit = timeout > 0 ? "--timeout " + timeout + " " : "";
    return patiently(
        """
        imgfree
        kernel %1$s%2$s %3$s%4$s BOOTIF=${mac} initrd=ramdisk || goto again
        initrd --name ramdisk %1$s%5$s || goto again
        boot || goto again
        """
            .formatted(limit, ramdisk.kernel(), ALWAYS, line.plain(), ramdisk.initramfs()));
  }

  /** An iPXE script that boots an ISO image. */
  static String ipxeIso(String iso) {
    return patiently("sanboot %s || goto again\n".formatted(iso));
  }

  private static String patiently(String attempt) {
    return """
        #!ipxe
        set pause:int32 0
        :attempt
        %s
        :again
        inc pause
        iseq ${pause} 11 && goto enough ||
        echo Trying again in ${pause} s
        sleep ${pause}
        goto attempt

        :enough
        echo Giving up
        poweroff
        """
        .formatted(attempt);
  }

  /** An iPXE script that hands over to the disk. */
  static String ipxeDisk() {
    return """
        #!ipxe
        sanboot --no-describe || exit 0
        """;
  }

  /**
   * GRUB's first configuration: goes on to that of the machine, which is named by the network card
   * that it booted from, or by its address.
   *
   * @param root the path of the folder that is served, without a slash at its end
   */
  static String grubStart(String root) {
    return """
        # The way in for every machine: its own configuration is named after its network card.
        set timeout=0
        if [ -s %1$s/${net_default_mac}.conf ]; then
          configfile %1$s/${net_default_mac}.conf
        else
          configfile %1$s/${net_default_ip}.conf
        fi
        """
        .formatted(root);
  }

  /** A GRUB configuration that boots a ramdisk. */
  static String grubRamdisk(Ramdisk ramdisk, KernelLine line, String bootServer) {
    return """
        set default=0
        set timeout=1
        menuentry "ramdisk" {
          linux %s %s%s boot_server=%s
          initrd %s
        }
        """
        .formatted(ramdisk.kernel(), ALWAYS, line.forGrub(), bootServer, ramdisk.initramfs());
  }

  /** A GRUB configuration that lets the firmware go on to the disk. */
  static String grubDisk() {
    return """
        set default=0
        set timeout=0
        menuentry "disk" {
          exit
        }
        """;
  }

  /** A configuration of pxelinux that boots a ramdisk. */
  static String pxelinuxRamdisk(Ramdisk ramdisk, KernelLine line) {
    // ipappend 2 adds the card that the machine booted from.
    return """
        default ramdisk
        label ramdisk
        kernel %s
        append initrd=%s %s%s
        ipappend 2
        """
        .formatted(ramdisk.kernel(), ramdisk.initramfs(), ALWAYS, line.plain());
  }

  /** A configuration of pxelinux that boots the disk. */
  static String pxelinuxDisk() {
    return """
        default disk
        label disk
        localboot 0
        """;
  }
}
