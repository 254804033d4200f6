import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes the jars of the distribution such that the JDK takes all their classes into its AOT cache:
 * it leaves out classes of a version below 50, which have to be verified in the old way at each
 * start, and classes of signed jars. The former are written anew as version 52, with the frames
 * that it asks for; of the latter the signatures are taken away, which nothing checks but each
 * start (what the build downloads is checked by Maven). {@code java CacheableJars.java LIB-FOLDER}
 */
public final class CacheableJars {
    private static final int FIRST_WITH_FRAMES = 50;
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]*[.](SF|RSA|DSA|EC)");

    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Map<String, Long> times = new LinkedHashMap<>();
    private boolean changed;

    private CacheableJars() {}

    public static void main(String[] args) throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(Path.of(args[0]))) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
        for (Path jar : jars) {
            new CacheableJars().convert(jar);
        }
    }

    private void convert(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            for (JarEntry entry : Collections.list(file.entries())) {
                try (InputStream content = file.getInputStream(entry)) {
                    files.put(entry.getName(), content.readAllBytes());
                }
                times.put(entry.getName(), entry.getTime());
            }
        }
        unsign();
        upgrade(jar);
        if (changed) {
            write(jar);
        }
    }

    private void unsign() throws IOException {
        if (!files.keySet().removeIf(name -> SIGNATURE.matcher(name).matches())) {
            return;
        }
        Manifest manifest = new Manifest(new ByteArrayInputStream(files.get(MANIFEST)));
        manifest.getEntries().clear();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        manifest.write(text);
        files.put(MANIFEST, text.toByteArray());
        changed = true;
    }

    private void upgrade(Path jar) {
        ClassFile classes =
                ClassFile.of(
                        ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                        ClassFile.ClassHierarchyResolverOption.of(
                                ClassHierarchyResolver.ofResourceParsing(this::resource)
                                        .orElse(ClassHierarchyResolver.defaultResolver())));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (!file.getKey().endsWith(".class") || version(file.getValue()) >= FIRST_WITH_FRAMES) {
                continue;
            }
            try {
                byte[] upgraded = upgraded(classes, file.getValue());
                List<VerifyError> errors = classes.verify(upgraded);
                if (!errors.isEmpty()) {
                    throw new IllegalArgumentException(errors.getFirst().getMessage());
                }
                file.setValue(upgraded);
                changed = true;
            } catch (IllegalArgumentException e) {
                System.err.println(jar.getFileName() + ": " + file.getKey() + " stays as it is: " + e.getMessage());
            }
        }
    }

    private static byte[] upgraded(ClassFile classes, byte[] old) {
        ClassModel model = classes.parse(old);
        return classes.transformClass(
                model,
                // All code is gone through, so that frames are made.
                ClassTransform.transformingMethodBodies((code, part) -> code.with(part))
                        .andThen((type, part) -> {
                            if (part instanceof ClassFileVersion) {
                                type.withVersion(ClassFile.JAVA_8_VERSION, 0);
                            } else {
                                type.with(part);
                            }
                        }));
    }

    private static int version(byte[] type) {
        return (type[6] & 0xff) << 8 | (type[7] & 0xff);
    }

    private InputStream resource(ClassDesc type) {
        String descriptor = type.descriptorString();
        byte[] content = files.get(descriptor.substring(1, descriptor.length() - 1) + ".class");
        return content == null ? null : new ByteArrayInputStream(content);
    }

    /** With the times that the entries had, so that the same jar comes of the same one. */
    private void write(Path jar) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTime(times.get(file.getKey()));
                out.putNextEntry(entry);
                out.write(file.getValue());
                out.closeEntry();
            }
        }
    }
}
