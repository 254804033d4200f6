package dev.burstlet.hyper.host;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * The system calls that Java lacks and volumes need: mount(2), umount2(2), openat2(2), mkdirat(2).
 * openat2 (Linux 5.6) is what makes a path that a pod may have planted links in safe to open: the
 * kernel itself refuses to leave the directory, without a window between looking and opening.
 */
public final class Linux {
    public static final long MS_RDONLY = 1;
    public static final long MS_NOSUID = 2;
    public static final long MS_NODEV = 4;
    public static final long MS_NOEXEC = 8;
    public static final long MS_BIND = 4096;
    public static final long MS_REC = 16384;
    public static final long MS_SHARED = 1 << 20;

    public static final int ENOENT = 2;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ELOOP = 40;

    static final int O_RDONLY = 0;
    static final int O_PATH = 0x200000;
    static final int O_CLOEXEC = 0x80000;
    static final int O_DIRECTORY = 0x10000;

    private static final int AT_FDCWD = -100;
    private static final int UMOUNT_NOFOLLOW = 8;
    private static final long RESOLVE_NO_MAGICLINKS = 2;
    private static final long RESOLVE_BENEATH = 8;
    private static final long SYS_OPENAT2 = 437;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle MOUNT =
            function(
                    "mount",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.ADDRESS,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS));
    private static final MethodHandle UMOUNT2 =
            function(
                    "umount2",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle MKDIRAT =
            function(
                    "mkdirat",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_INT));
    private static final MethodHandle OPENAT2 = openat2Call();

    private Linux() {}

    /** Mounts a file system; options as mount(2) takes them in its data argument. */
    public static void mount(String source, Path target, String type, long flags, String options)
            throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result =
                    (int)
                            MOUNT.invokeExact(
                                    state,
                                    arena.allocateFrom(source),
                                    arena.allocateFrom(target.toString()),
                                    arena.allocateFrom(type),
                                    flags,
                                    arena.allocateFrom(options));
            check(result, state, "mount " + type + " at " + target);
        } catch (SystemCallException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Takes a mount away; the last part of the path is not followed where it is a link. */
    public static void unmount(Path target) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result =
                    (int)
                            UMOUNT2.invokeExact(
                                    state, arena.allocateFrom(target.toString()), UMOUNT_NOFOLLOW);
            check(result, state, "unmount " + target);
        } catch (SystemCallException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static int openRoot(Path directory) throws SystemCallException {
        return openat2(AT_FDCWD, directory.toString(), O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
    }

    /** Opens (O_PATH) what a relative path names beneath a directory; never leads out of it. */
    static int openBeneath(int directory, String path) throws SystemCallException {
        return openat2(
                directory, path, O_PATH | O_CLOEXEC, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
    }

    static void makeDirectory(int parent, String name, int mode) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) MKDIRAT.invokeExact(state, parent, arena.allocateFrom(name), mode);
            check(result, state, "mkdir " + name);
        } catch (SystemCallException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static void close(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) CLOSE.invokeExact(arena.allocate(CALL_STATE), descriptor);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static int openat2(int directory, String path, long flags, long resolve)
            throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            // struct open_how: flags, mode, resolve
            MemorySegment how = arena.allocateFrom(ValueLayout.JAVA_LONG, flags, 0, resolve);
            long result =
                    (long)
                            OPENAT2.invokeExact(
                                    state,
                                    SYS_OPENAT2,
                                    (long) directory,
                                    arena.allocateFrom(path),
                                    how,
                                    how.byteSize());
            check((int) result, state, "open " + path);
            return (int) result;
        } catch (SystemCallException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void check(int result, MemorySegment state, String what)
            throws SystemCallException {
        if (result < 0) {
            throw new SystemCallException(what, (int) ERRNO.get(state, 0L));
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.captureCallState("errno"));
    }

    /** By number: the C library has no function for it. */
    @SuppressWarnings("restricted")
    private static MethodHandle openat2Call() {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG),
                Linker.Option.firstVariadicArg(1),
                Linker.Option.captureCallState("errno"));
    }
}
