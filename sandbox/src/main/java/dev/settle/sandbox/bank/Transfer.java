package dev.settle.sandbox.bank;

/**
 * One credit transfer as a client asked for it: a positive amount in minor units, for a full
 * account number.
 */
record Transfer(
    String endToEndId,
    String account,
    String bank,
    String holder,
    long amountMinor,
    String currency) {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /**
   * A 64-bit FNV-1a hash of everything but the id. It only tells a client's honest re-send from its
   * honest mistake, and costs a fraction of a cryptographic hash.
   */
  long content() {
    long hash = mix(mix(mix(mix(FNV_OFFSET, account), bank), holder), currency);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      hash = (hash ^ ((amountMinor >>> shift) & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  private static long mix(long hash, String text) {
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    // No accepted field holds this separator, so that neighbours cannot lend each other characters.
    return (hash ^ '\n') * FNV_PRIME;
  }
}
