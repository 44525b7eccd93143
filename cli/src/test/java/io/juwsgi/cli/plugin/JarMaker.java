package io.juwsgi.cli.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles sources into a jar, as an author's build does. */
final class JarMaker {
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, byte[]> classes = new LinkedHashMap<>();
    private final List<String> left = new ArrayList<>();
    private final List<Path> libraries = new ArrayList<>();
    private final Manifest manifest = new Manifest();
    private String service = "";

    JarMaker() {
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attribute("Juwsgi-SPI-Version", "1");
    }

    /** A plugin whose register method has this body. */
    static JarMaker plugin(String id, String className, String register) {
        int dot = className.lastIndexOf('.');
        return new JarMaker().service(className).source(className, """
                        package %s;
                        public final class %s implements io.juwsgi.spi.Plugin {
                            public String name() { return "%s"; }
                            public void register(io.juwsgi.spi.Extensions extensions) {
                        %s
                            }
                        }
                        """.formatted(
                        className.substring(0, dot), className.substring(dot + 1), id, register));
    }

    JarMaker source(String className, String text) {
        sources.put(className, text);
        return this;
    }

    /** Names the plugin in the service file; an empty name leaves the file out. */
    JarMaker service(String className) {
        service = className;
        return this;
    }

    JarMaker attribute(String name, String value) {
        manifest.getMainAttributes().putValue(name, value);
        return this;
    }

    JarMaker without(String attribute) {
        manifest.getMainAttributes().remove(new Attributes.Name(attribute));
        return this;
    }

    /** Compiles a class that does not get into the jar. */
    JarMaker leave(String className) {
        left.add(className);
        return this;
    }

    JarMaker library(Path jar) {
        libraries.add(jar);
        return this;
    }

    Path write(Path jar) throws IOException {
        compile();
        Files.createDirectories(jar.getParent());
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (Map.Entry<String, byte[]> type : classes.entrySet()) {
                if (!left.contains(type.getKey())) {
                    entry(out, type.getKey().replace('.', '/') + ".class", type.getValue());
                }
            }
            if (!service.isEmpty()) {
                entry(out, PluginJar.SERVICE, (service + " # the plugin\n").getBytes());
            }
        }
        return jar;
    }

    private static void entry(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }

    private void compile() throws IOException {
        if (sources.isEmpty()) {
            return;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringBuilder path = new StringBuilder(System.getProperty("java.class.path"));
        libraries.forEach(jar -> path.insert(0, jar + java.io.File.pathSeparator));
        List<Source> units = sources.entrySet().stream()
                .map(e -> new Source(e.getKey(), e.getValue()))
                .toList();
        StringWriter said = new StringWriter();
        try (JavaFileManager files = new InMemory(compiler.getStandardFileManager(null, null, null))) {
            boolean done = compiler.getTask(
                            said, files, null, List.of("-proc:none", "-classpath", path.toString()), null, units)
                    .call();
            assertThat(done).as("compiles: %s", said).isTrue();
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String className, String text) {
            super(URI.create("string:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
        InMemory(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("mem:///" + className), kind) {
                @Override
                public ByteArrayOutputStream openOutputStream() {
                    return new ByteArrayOutputStream() {
                        @Override
                        public void close() {
                            classes.put(className, toByteArray());
                        }
                    };
                }
            };
        }
    }
}
