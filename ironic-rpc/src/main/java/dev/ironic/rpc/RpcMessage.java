package dev.ironic.rpc;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What travels between a caller and a conductor, one frame each: a byte that tells the kind, fields
 * of fixed size, and for calls and answers JSON.
 */
sealed interface RpcMessage {

  /** Grows when a change would be misunderstood by the other side. */
  int PROTOCOL = 4;

  /** As it is sent. */
  byte[] bytes();

  /**
   * Reads what was sent.
   *
   * @throws IllegalArgumentException if it is nothing that a peer of ours sends
   */
  static RpcMessage read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      int kind = in.get();
      return switch (kind) {
        case Hello.KIND -> new Hello(in.getInt(), in.getLong(), in.getLong());
        case Welcome.KIND ->
            new Welcome(in.getInt(), in.getLong(), uuid(in), in.getLong(), text(in));
        case Call.KIND ->
            new Call(
                new CallKey(uuid(in), in.getLong()),
                uuid(in),
                in.getLong(),
                in.getLong(),
                rest(in));
        case NotTaken.KIND -> new NotTaken(in.getLong());
        case Answer.KIND -> new Answer(in.getLong(), rest(in));
        case Goodbye.KIND -> new Goodbye(uuid(in), text(in));
        default -> throw new IllegalArgumentException("a message of kind " + kind);
      };
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a message of %d bytes".formatted(bytes.length), e);
    }
  }

  /**
   * Asks whether the other side hears.
   *
   * @param protocol of the caller
   * @param number counts the greetings of a caller
   * @param heard the conductor's clock as the caller heard it last; 0 before
   */
  record Hello(int protocol, long number, long heard) implements RpcMessage {
    private static final byte KIND = 1;

    @Override
    public byte[] bytes() {
      return start(KIND, Integer.BYTES + 2 * Long.BYTES)
          .putInt(protocol)
          .putLong(number)
          .putLong(heard)
          .array();
    }
  }

  /**
   * Answers a greeting.
   *
   * @param protocol of the conductor
   * @param number of the greeting
   * @param server another one after each start of the conductor
   * @param clock the conductor's clock, in milliseconds; only compared with itself
   * @param connection another one after each break of the connection
   */
  record Welcome(int protocol, long number, UUID server, long clock, String connection)
      implements RpcMessage {
    private static final byte KIND = 2;

    @Override
    public byte[] bytes() {
      byte[] text = connection.getBytes(StandardCharsets.UTF_8);
      ByteBuffer out = start(KIND, Integer.BYTES + 2 * Long.BYTES + 16 + text.length);
      return put(out.putInt(protocol).putLong(number), server).putLong(clock).put(text).array();
    }
  }

  /**
   * A call.
   *
   * @param key the same when a call is sent again
   * @param server whom it is for, as its welcome told
   * @param remainingMillis how long the caller goes on waiting; no clock is compared with another
   * @param heard the conductor's clock as the caller heard it last
   * @param body the JSON of an {@link RpcCodec.Request}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; the socket takes arrays
  record Call(CallKey key, UUID server, long remainingMillis, long heard, byte[] body)
      implements RpcMessage {
    private static final byte KIND = 3;

    @Override
    public byte[] bytes() {
      ByteBuffer out = start(KIND, 16 + Long.BYTES + 16 + 2 * Long.BYTES + body.length);
      put(out, key.client()).putLong(key.id());
      return put(out, server).putLong(remainingMillis).putLong(heard).put(body).array();
    }
  }

  /**
   * A call is not performed: it was meant for the conductor as it was before its last start, or its
   * caller may have given the conductor up.
   *
   * @param id of the call
   */
  record NotTaken(long id) implements RpcMessage {
    private static final byte KIND = 4;

    @Override
    public byte[] bytes() {
      return start(KIND, Long.BYTES).putLong(id).array();
    }
  }

  /**
   * An answer.
   *
   * @param id of the call
   * @param body the JSON of an {@link RpcCodec.Reply}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; the socket takes arrays
  record Answer(long id, byte[] body) implements RpcMessage {
    private static final byte KIND = 5;

    @Override
    public byte[] bytes() {
      return start(KIND, Long.BYTES + body.length).putLong(id).put(body).array();
    }
  }

  /**
   * The last word of a conductor: it has answered all that it has performed, and performs nothing
   * from now on. Its caller sends it back, to tell that all has arrived.
   *
   * @param server whose last word it is
   * @param connection on which it is sent, as in a welcome
   */
  record Goodbye(UUID server, String connection) implements RpcMessage {
    private static final byte KIND = 6;

    @Override
    public byte[] bytes() {
      byte[] text = connection.getBytes(StandardCharsets.UTF_8);
      return put(start(KIND, 16 + text.length), server).put(text).array();
    }
  }

  /**
   * Names a call for good.
   *
   * @param client another one for each caller's process
   * @param id counts its calls
   */
  record CallKey(UUID client, long id) {}

  private static ByteBuffer start(byte kind, int size) {
    return ByteBuffer.allocate(1 + size).put(kind);
  }

  private static ByteBuffer put(ByteBuffer out, UUID uuid) {
    return out.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
  }

  private static UUID uuid(ByteBuffer in) {
    return new UUID(in.getLong(), in.getLong());
  }

  private static byte[] rest(ByteBuffer in) {
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    return rest;
  }

  private static String text(ByteBuffer in) {
    return new String(rest(in), StandardCharsets.UTF_8);
  }
}
