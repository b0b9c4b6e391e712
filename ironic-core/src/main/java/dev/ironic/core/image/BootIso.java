package dev.ironic.core.image;

import dev.ironic.driver.KernelLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/**
 * A UEFI boot medium: kernel, ramdisk and boot loader, with parameters for the one node it is for.
 *
 * @param kernel the kernel
 * @param ramdisk its initramfs
 * @param loader the image of an EFI system partition whose loader reads the configuration from the
 *     medium it was started from
 * @param configPath where that configuration is
 * @param line the kernel's parameters
 * @param publisher a name by which the ramdisk can tell its medium from others
 * @param extraFiles further files by path
 */
record BootIso(
    Path kernel,
    Path ramdisk,
    Path loader,
    String configPath,
    KernelLine line,
    String publisher,
    Map<String, byte[]> extraFiles) {

  private static final String LABEL = "VMEDIA_BOOT_ISO";

  /** Writes the medium, streaming the big files. */
  void writeTo(Path target, Instant time) throws IOException {
    // A config drive is found by its label, and the medium stands in for one here.
    boolean configDrive = extraFiles.keySet().stream().anyMatch(p -> p.startsWith("openstack/"));
    IsoImage iso = new IsoImage(configDrive ? ConfigDrive.LABEL : LABEL, publisher, time);
    iso.add("vmlinuz", IsoContent.of(kernel));
    iso.add("initrd", IsoContent.of(ramdisk));
    iso.addEfiBoot("boot/grub/efiboot.img", IsoContent.of(loader));
    iso.add(configPath, text(grubConfig()));
    for (Map.Entry<String, byte[]> file : extraFiles.entrySet()) {
      iso.add(file.getKey(), IsoContent.of(file.getValue()));
    }
    iso.writeTo(target);
  }

  private String grubConfig() {
    return """
        set default=0
        set timeout=0
        menuentry "deploy" {
          linux /vmlinuz %s --
          initrd /initrd
        }
        """
        .formatted(line.forGrub());
  }

  private static IsoContent text(String text) {
    return IsoContent.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
