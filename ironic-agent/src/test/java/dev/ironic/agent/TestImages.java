package dev.ironic.agent;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32;

/** Disk images made by hand, independently of the code under test. */
final class TestImages {

  private static final int SECTOR = 512;
  private static final int ENTRIES = 128;

  private TestImages() {}

  /** A GPT disk with one partition of random bytes between stretches of zeroes. */
  static byte[] gpt(int size) {
    byte[] image = new byte[size];
    ByteBuffer out = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    int sectors = size / SECTOR;
    int first = 2048;
    int last = sectors - 2048;
    protectiveMbr(out, sectors);
    byte[] entries = new byte[ENTRIES * 128];
    ByteBuffer entry = ByteBuffer.wrap(entries).order(ByteOrder.LITTLE_ENDIAN);
    entry.putLong(0, 0x477284830fc63dafL); // Linux data, as the bytes lie on disk
    entry.putLong(8, 0xe47d47d8693d798eL);
    entry.putLong(16, 0x1111222233334444L);
    entry.putLong(24, 0x5555666677778888L);
    entry.putLong(32, first);
    entry.putLong(40, last);
    entry.put(56, "root".getBytes(StandardCharsets.UTF_16LE));
    out.put(2 * SECTOR, entries);
    out.put((sectors - 33) * SECTOR, entries);
    header(out, image, 1, sectors - 1, 2, sectors, entries);
    header(out, image, sectors - 1, 1, sectors - 33, sectors, entries);
    fill(image, first * SECTOR, Math.min(3 << 20, (last - first) * SECTOR / 2));
    fill(image, last * SECTOR - 65536, 65536);
    return image;
  }

  /** An MBR disk with one Linux partition. */
  static byte[] mbr(int size) {
    byte[] image = new byte[size];
    ByteBuffer out = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(440, 0x5a3c0001);
    out.put(446 + 4, (byte) 0x83);
    out.putInt(446 + 8, 2048);
    out.putInt(446 + 12, size / SECTOR - 2048);
    out.putShort(510, (short) 0xaa55);
    fill(image, 1 << 20, 1 << 20);
    return image;
  }

  private static void protectiveMbr(ByteBuffer out, int sectors) {
    out.put(446 + 4, (byte) 0xee);
    out.putInt(446 + 8, 1);
    out.putInt(446 + 12, sectors - 1);
    out.putShort(510, (short) 0xaa55);
  }

  private static void header(
      ByteBuffer out,
      byte[] image,
      int own,
      int other,
      int entriesAt,
      int sectors,
      byte[] entries) {
    int at = own * SECTOR;
    out.put(at, "EFI PART".getBytes(StandardCharsets.US_ASCII));
    out.putInt(at + 8, 0x10000);
    out.putInt(at + 12, 92);
    out.putLong(at + 24, own);
    out.putLong(at + 32, other);
    out.putLong(at + 40, 34);
    out.putLong(at + 48, sectors - 34);
    out.putLong(at + 56, 0x0102030405060708L);
    out.putLong(at + 64, 0x090a0b0c0d0e0f10L);
    out.putLong(at + 72, entriesAt);
    out.putInt(at + 80, ENTRIES);
    out.putInt(at + 84, 128);
    out.putInt(at + 88, crc(entries, 0, entries.length));
    out.putInt(at + 16, crc(image, at, 92));
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  private static void fill(byte[] image, int from, int length) {
    byte[] noise = new byte[length];
    new Random(from).nextBytes(noise);
    System.arraycopy(noise, 0, image, from, length);
  }

  static String sum(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
