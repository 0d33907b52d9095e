"""A program on a terminal of its own, as a shell would start it, and what the
terminal shows: just what selcage sends is understood, all else is an error."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

PATIENCE = 60  # seconds until something that must come is missed


class Screen:
    def __init__(self, rows, columns):
        self.rows, self.columns = rows, columns
        self.cells, self.x, self.y = self.blank(), 0, 0
        self.other = None  # where the cursor was on the main screen
        self.cursor = self.wraps = True
        self.rest = b""
        self.strict = True  # no line is wider than the screen

    def blank(self):
        return [[" "] * self.columns for _ in range(self.rows)]

    def resize(self, rows, columns):
        self.rows, self.columns = rows, columns
        self.cells = self.blank()
        self.x = self.y = 0

    def lines(self):
        return ["".join(row).rstrip() for row in self.cells]

    def feed(self, data):
        data = self.rest + data
        self.rest = b""
        while data:
            if data[0] == 0x1B:
                m = re.match(rb"\x1b\[(\??)(\d*)([A-Za-z])", data)
                if not m:
                    if len(data) < 8 and re.match(rb"\x1b(\[\??\d*)?$", data):
                        self.rest = data
                        return
                    raise AssertionError(f"not one of ours: {data[:12]!r}")
                self.sequence(m[1] + m[3], m[2])
                data = data[m.end():]
                continue
            n = 1
            while n < len(data) and data[n] & 0xC0 == 0x80:
                n += 1
            self.put(data[:n].decode("utf-8", "replace"))
            data = data[n:]

    def sequence(self, kind, number):
        if kind == b"m":
            return
        if kind == b"H":
            self.x = self.y = 0
        elif kind == b"K":
            for x in range(self.x, self.columns):
                self.cells[self.y][x] = " "
        elif kind in (b"?h", b"?l"):
            on = kind == b"?h"
            if number == b"25":
                self.cursor = on
            elif number == b"7":
                self.wraps = on
            elif number == b"1049":
                if on:
                    self.other, self.cells = (self.x, self.y), self.blank()
                elif self.other:
                    self.cells, (self.x, self.y) = self.blank(), self.other
                    self.other = None
            else:
                raise AssertionError(f"mode {number}")
        else:
            raise AssertionError(f"sequence {kind}")

    def put(self, c):
        if c == "\r":
            self.x = 0
        elif c == "\n":
            self.y += 1
            if self.y == self.rows:
                self.cells.append([" "] * self.columns)
                self.cells.pop(0)
                self.y -= 1
        elif c == "^":
            pass  # what the terminal itself echoes of Ctrl-C
        else:
            assert c >= " " and c != "\x7f", f"control byte {c!r}"
            assert self.other is None or self.x < self.columns or \
                not self.strict, "too wide"
            if self.x < self.columns:
                self.cells[self.y][self.x] = c
                self.x += 1


class Job:
    """A command in the foreground of a terminal, with a small shell above it."""

    def __init__(self, command, rows=24, columns=80, stdin=None, env=None):
        self.screen = Screen(rows, columns)
        self.status = None
        status_r, status_w = os.pipe()
        go_r, go_w = os.pipe()
        self.shell, self.tty = pty.fork()
        if not self.shell:
            os.close(status_r)
            os.close(go_w)
            self.be_shell(command, stdin, env, status_w, go_r)
        os.close(status_w)
        os.close(go_r)
        self.report, self.go = status_r, go_w
        self.before = termios.tcgetattr(self.tty)
        self.resize(rows, columns)
        os.write(self.go, b"s")

    def be_shell(self, command, stdin, env, report, go):
        for fd in range(3, 64):
            if fd not in (stdin, report, go):
                try:
                    os.close(fd)
                except OSError:
                    pass
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.read(go, 1)
        pid = os.fork()
        if not pid:
            os.setpgid(0, 0)
            os.tcsetpgrp(1, os.getpid())
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)
            if stdin is not None:
                os.dup2(stdin, 0)
            os.execvpe(command[0], command, {**os.environ, **(env or {})})
        os.write(report, b"pid %d\n" % pid)
        while True:
            _, status = os.waitpid(pid, os.WUNTRACED)
            if not os.WIFSTOPPED(status):
                os.write(report, b"end %d\n" % status)
                os._exit(0)
            os.tcsetpgrp(1, os.getpgrp())
            os.write(report, b"stopped\n")
            os.read(go, 1)
            os.tcsetpgrp(1, pid)
            os.kill(pid, signal.SIGCONT)

    def resize(self, rows, columns):
        fcntl.ioctl(self.tty, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def pump(self, wait=0.1):
        ready, _, _ = select.select([self.tty], [], [], wait)
        if ready:
            try:
                self.screen.feed(os.read(self.tty, 65536))
            except OSError:
                return False
        return bool(ready)

    def until(self, wanted):
        """Until wanted(lines) holds."""
        end = time.monotonic() + PATIENCE
        while not wanted(self.screen.lines()):
            assert time.monotonic() < end, \
                "not seen:\n" + "\n".join(self.screen.lines())
            self.pump()

    def told(self, word):
        """What the shell has to say next; it must begin with word."""
        text = b""
        while not text.endswith(b"\n"):
            ready, _, _ = select.select([self.report], [], [], PATIENCE)
            assert ready, f"no '{word}'"
            got = os.read(self.report, 1)
            assert got, f"no '{word}'"
            text += got
            self.pump(0)
        assert text.decode().startswith(word), text
        return text.decode().split()

    def keys(self, data):
        os.write(self.tty, data)

    def settings(self):
        return termios.tcgetattr(self.tty)

    def is_given_back(self):
        while self.pump(0.2):
            pass
        s = self.screen
        return s.other is None and s.cursor and s.wraps and \
            self.settings() == self.before
