package dev.settle.router.testing;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/**
 * A picture of a page with 256 colours at most, a third of the size: colours that are alike become
 * their mean, and those of plain grounds keep their own.
 */
final class SmallPicture {

  private static final int COLOURS = 256;

  /** A colour of more than one point of so many is a ground's, or of large letters. */
  private static final int GROUND = 1_000;

  private SmallPicture() {}

  /** The same picture, smaller. */
  static byte[] of(byte[] png) throws IOException {
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(png));
    Set<Integer> grounds = grounds(picture);
    int bits = 8;
    Map<Integer, long[]> alike = alike(picture, grounds, bits);
    while (alike.size() > COLOURS) {
      bits--;
      alike = alike(picture, grounds, bits);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(indexed(picture, grounds, bits, alike), "png", out);
    return out.toByteArray();
  }

  private static Set<Integer> grounds(BufferedImage picture) {
    int least = picture.getWidth() * picture.getHeight() / GROUND;
    return alike(picture, Set.of(), 8).entrySet().stream()
        .filter(one -> one.getValue()[3] > least)
        .map(one -> one.getKey() | 0xFF << 24)
        .collect(Collectors.toSet());
  }

  /** Colours by their highest bits: sums of red, green and blue, and how many points. */
  private static Map<Integer, long[]> alike(BufferedImage picture, Set<Integer> grounds, int bits) {
    Map<Integer, long[]> sums = new HashMap<>();
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        int colour = picture.getRGB(x, y);
        long[] sum = sums.computeIfAbsent(key(colour, grounds, bits), first -> new long[4]);
        sum[0] += colour >> 16 & 0xFF;
        sum[1] += colour >> 8 & 0xFF;
        sum[2] += colour & 0xFF;
        sum[3]++;
      }
    }
    return sums;
  }

  private static int key(int colour, Set<Integer> grounds, int bits) {
    if (grounds.contains(colour)) {
      return colour;
    }
    int mask = 0xFF << 8 - bits & 0xFF;
    return colour & (mask << 16 | mask << 8 | mask);
  }

  private static BufferedImage indexed(
      BufferedImage picture, Set<Integer> grounds, int bits, Map<Integer, long[]> alike) {
    byte[][] means = new byte[3][alike.size()];
    Map<Integer, Integer> places = new HashMap<>();
    alike.forEach(
        (key, sum) -> {
          int place = places.size();
          places.put(key, place);
          for (int part = 0; part < 3; part++) {
            means[part][place] = (byte) ((sum[part] + sum[3] / 2) / sum[3]);
          }
        });
    IndexColorModel colours = new IndexColorModel(8, alike.size(), means[0], means[1], means[2]);
    BufferedImage made =
        new BufferedImage(
            picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, colours);
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        int place = places.get(key(picture.getRGB(x, y), grounds, bits));
        made.getRaster().setSample(x, y, 0, place);
      }
    }
    return made;
  }
}
