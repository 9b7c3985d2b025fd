/**
 * One connection of the relay: it reads lines from the client and writes the log to it.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import { LineTooLongError } from "../../errors.ts";
import { isHttpRequest } from "../door/probes.ts";
import { MAX_NOISE_LINES } from "../limits.ts";
import type { Cursor } from "../log/cursor.ts";
import type { CloseReason, PeerClass } from "../watch/events.ts";
import type { Deadline, Handshake } from "./handshake.ts";
import { Intake, type IntakeHandler } from "./intake.ts";
import { formatRemote, networkOf } from "./network.ts";
import { type OpenAllowance, Pace } from "./pace.ts";
import type { PeerConn, PeerHost, PeerParts } from "./parts.ts";
import { Writer } from "./writer.ts";

/** Lines that a client says in a handshake: `!HELLO`, perhaps `!PIPE`, and `!AUTH`. */
const HANDSHAKE_LINES = 3;

/**
 * A connected peer. It is a guest at first, and becomes a member when it proves the key.
 *
 * A peer that has a deadline from the beginning waits outside of the room. Nothing of the log is
 * written to it, and no token is taken from it.
 */
export class Peer implements IntakeHandler {
  readonly cid: number;
  peerClass: PeerClass = "guest";
  /** Whether the peer counts for `maxClients`. */
  hasPlace = false;
  /** Whether the peer counts as a client: it said something, or stayed for a moment. */
  isCounted = false;
  /** Whether the peer has said a whole line. */
  hasSpoken = false;

  /** Whether the peer meets a member in a slot: it is neither guest nor member. */
  isVisitor = false;
  /** When the peer has to go, unless it proves the key before. */
  deadline: Deadline | undefined;
  /** The handshake; undefined before `!HELLO`. */
  handshake: Handshake | undefined;
  /** Settles when the peer's proof was judged. The relay does not read from the peer until then. */
  proof: Promise<void> | undefined;

  /** The pipe that the connection is to be an end of; undefined for a peer of the room. */
  pipe: string | undefined;

  /** Tokens taken from the peer. */
  linesIn = 0;
  /** Bytes of these tokens, with their LF. */
  bytesIn = 0;
  /** Whether the peer's next token is not kept for those who come later. */
  isNextFleeting = false;
  /** Whether the relay waits for the peer's bytes. */
  isReading = false;
  readonly pace: Pace;
  readonly #intake: Intake = new Intake(this);
  #noiseLines = 0;
  /** Lines that came alone, as those of a handshake do, and did not have to wait. */
  #handshakeLines = 0;
  /** Lines of any kind in the present read. */
  #linesRead = 0;

  readonly writer: Writer;
  /** Bytes written to the peer until the last sweep, and when a sweep last found new ones. */
  bytesSwept = 0;
  quietSince: number;
  /** Whether the peer is behind and has read nothing since the last sweep. */
  isStalled = false;

  /** Whether the connection is being ended. */
  isExpelled = false;
  readonly #ended = Promise.withResolvers<CloseReason>();
  /** Settles with the reason when the relay ends the connection. */
  readonly expelled: Promise<CloseReason> = this.#ended.promise;
  readonly #conn: PeerConn;
  readonly #host: PeerHost<Peer>;
  readonly #now: () => number;

  constructor({ cid, conn, cursor, allowance, deadline, host, now }: PeerParts<Peer>) {
    this.cid = cid;
    this.deadline = deadline;
    this.writer = new Writer(conn, cursor);
    this.#conn = conn;
    this.#now = now ?? (() => performance.now());
    this.pace = new Pace(allowance, this.#now);
    this.quietSince = this.#now();
    this.#host = host;
    if (deadline) cursor.park();
  }

  /** The peer's place in the log. */
  get cursor(): Cursor {
    return this.writer.cursor;
  }

  /** Bytes written to the peer. */
  get bytesOut(): number {
    return this.writer.bytesOut;
  }

  /** `ip:port` of the client. */
  get address(): string {
    return formatRemote(this.#conn.remoteAddr);
  }

  /** The network that is held responsible for the peer, as `networkOf()` names it. */
  get network(): string {
    return networkOf(this.#conn.remoteAddr);
  }

  /** Whether the peer sent something in the last second, or the relay has not taken all of it. */
  get isTalking(): boolean {
    return !this.isReading || this.#now() - this.pace.inputAt < 1000;
  }

  /** Reads lines until the input ends. Returns why it ended, and never rejects. */
  async read(): Promise<CloseReason> {
    const { arrivals, room: { gate }, stats } = this.#host;
    try {
      while (!this.isExpelled) {
        this.isReading = true;
        const bytes = await this.#conn.read(this.#intake.space());
        this.isReading = false;
        if (bytes === null) return "end";
        let now = this.#now();
        this.pace.noteInput(bytes, now);
        const isOfHandshake = this.#isOfHandshake(bytes);
        if (!isOfHandshake) {
          const owed = this.pace.spend(0, 0, now);
          if (owed > 0) now = await this.#pause(owed);
          await arrivals.settled();
          // No await may stand between the last look at the gate and the lines' way into the log.
          while (!this.isExpelled && gate.isClosedTo(this)) await gate.wait(this);
          this.excuse(this.#now() - now);
        }
        // The lines of a peer that is being sent away are not relayed.
        if (this.isExpelled) break;
        this.#linesRead = 0;
        this.#intake.take(bytes);
        // One microtask: the lines are written to the others before this reads again.
        await undefined;
        // A peer whose first line is not `!HELLO` gets the lines of the room at once.
        if (this.hasPlace && this.#linesRead > 0) this.writer.release();
        if (this.#noiseLines >= MAX_NOISE_LINES) return "bad line";
        this.pace.noteLine(this.#intake.unfinishedBytes > 0, this.#linesRead > 0, now);
        if (this.proof) await this.#awaitProof(this.proof);
        const wait = this.pace.spend(this.#linesRead, bytes, now);
        if (wait > 0 && !isOfHandshake) await this.#pause(wait);
      }
      return "reset";
    } catch (error) {
      if (!(error instanceof LineTooLongError)) return "reset";
      stats.rejected["too long"]++;
      return "too long";
    } finally {
      this.isExpelled = true;
    }
  }

  onTokens(run: Uint8Array, lines: number): void {
    if (!this.#hear()) return;
    this.#linesRead += lines;
    if (!this.hasPlace) return this.#host.controlLines.refuse(this, "token");
    this.linesIn += lines;
    this.bytesIn += run.length;
    this.#host.room.publish(this, run, lines);
  }

  onControl(line: Uint8Array): void {
    if (!this.#hear()) return;
    this.#linesRead++;
    this.#host.controlLines.take(this, line);
  }

  onNoise(line: Uint8Array): void {
    if (!this.hasSpoken && isHttpRequest(line)) return this.expel("http");
    if (!this.#hear()) return;
    this.#linesRead++;
    this.#noiseLines++;
    this.#host.stats.rejected.noise++;
    if (!this.hasPlace) this.#host.controlLines.refuse(this, "noise");
  }

  /** Makes the peer a member, with an allowance of its own; undefined for no limit. */
  promote(allowance: OpenAllowance | undefined): void {
    this.peerClass = "member";
    this.deadline = undefined;
    this.pace.setAllowance(allowance);
  }

  /** Makes the relay end the connection. The first reason counts. */
  expel(reason: CloseReason): void {
    this.isExpelled = true;
    this.#ended.resolve(reason);
    this.pace.endPause();
  }

  /** Leaves the log and hands the connection over. The caller closes it. */
  release(): PeerConn {
    this.isExpelled = true;
    this.writer.close();
    return this.#conn;
  }

  /** Notes a line. Returns whether it counts: those of a peer that is being sent away do not. */
  #hear(): boolean {
    if (!this.hasSpoken && !this.isExpelled) this.#host.room.count(this);
    this.hasSpoken = true;
    return !this.isExpelled;
  }

  /**
   * Tells whether what was read is all of a guest's `!HELLO` or `!AUTH`. These do not wait for what
   * other guests have sent, of the same network or another.
   */
  #isOfHandshake(bytes: number): boolean {
    const isOne = this.#handshakeLines < HANDSHAKE_LINES && this.peerClass === "guest" &&
      this.#intake.isControlLine(bytes);
    if (isOne) this.#handshakeLines++;
    return isOne;
  }

  /** Does not read for a while. The deadline is not put off: sending too much gains no time. */
  async #pause(ms: number): Promise<number> {
    this.#host.stats.throttled++;
    if (!this.isExpelled) await this.pace.pause(ms);
    return this.#now();
  }

  async #awaitProof(proof: Promise<void>): Promise<void> {
    const pausedAt = this.#now();
    await proof;
    this.proof = undefined;
    this.excuse(this.#now() - pausedAt);
  }

  /** Puts deadlines off by a time, in ms, in which the relay did not read. */
  excuse(ms: number): void {
    this.pace.excuse(Math.min(ms, this.#now() - this.pace.inputAt));
    if (this.deadline) this.deadline.at += ms;
    if (this.handshake) this.handshake.dueAt += ms;
  }
}
