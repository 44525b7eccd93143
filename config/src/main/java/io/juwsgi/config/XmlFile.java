package io.juwsgi.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads an XML file as uWSGI does: the first element {@code uwsgi}, or the one with the id that is asked for, at the root or right
 * below it; a child without text is 1; {@code <app mountpoint="/x"><script>m</script></app>} is {@code mount = /x=m}.
 */
final class XmlFile {
    private static final Set<String> LOADERS = Set.of("script", "file", "wsgi", "module", "eval", "app");

    private final String shown;
    private final String asked;
    private final XMLStreamReader xml;
    private final List<Assignment> found = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Set<String> sections = new LinkedHashSet<>();
    private boolean present;

    private XmlFile(String shown, String asked, XMLStreamReader xml) {
        this.shown = shown;
        this.asked = asked;
        this.xml = xml;
    }

    static Parsed read(String text, String shown, String section) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        // No document type, thus no entities: neither files nor the network are reached, and none grows without end.
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try {
            XmlFile file = new XmlFile(shown, section, factory.createXMLStreamReader(new StringReader(text)));
            file.document();
            return new Parsed(file.found, file.warnings, List.copyOf(file.sections), file.present);
        } catch (XMLStreamException e) {
            int line = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNumber());
            String said = String.valueOf(e.getMessage()).replaceFirst("(?s)^ParseError at .*?Message: ", "");
            throw new ConfigException(
                    new Origin(shown, line) + ": " + said.lines().findFirst().orElse("not XML"));
        }
    }

    private Origin position() {
        return new Origin(shown, xml.getLocation().getLineNumber());
    }

    private void document() throws XMLStreamException {
        toRoot();
        if (!section()) {
            while (nextElement()) {
                if (!section()) {
                    skip();
                }
            }
        }
        // To the end, so that what is wrong further down is told as well.
        while (xml.hasNext()) {
            xml.next();
        }
    }

    private void toRoot() throws XMLStreamException {
        int event = xml.next();
        while (event != XMLStreamConstants.START_ELEMENT) {
            if (event == XMLStreamConstants.DTD) {
                throw new ConfigException(position() + ": a document type, which is not read (expected: an element)");
            }
            event = xml.next();
        }
    }

    /** Reads the element here when it is the one that is asked for. */
    private boolean section() throws XMLStreamException {
        String id = xml.getAttributeValue(null, "id");
        if (!xml.getLocalName().equals("uwsgi") && !xml.getLocalName().equals("juwsgi")) {
            return false;
        }
        sections.add(id == null ? xml.getLocalName() : id);
        if (present || !(asked.isEmpty() || asked.equals(id))) {
            return false;
        }
        present = true;
        while (nextElement()) {
            option();
        }
        return true;
    }

    private void option() throws XMLStreamException {
        String key = xml.getLocalName();
        Origin origin = position();
        String mountPoint = xml.getAttributeValue(null, "mountpoint");
        if (key.equals("app") && mountPoint != null) {
            mount(mountPoint, origin);
            return;
        }
        String text = text();
        if (text == null) {
            warnings.add(origin + ": " + key + " holds elements, left out (expected: text)");
        } else {
            found.add(new Assignment(key, text.isEmpty() ? "1" : text, origin));
        }
    }

    private void mount(String mountPoint, Origin origin) throws XMLStreamException {
        String loader = "";
        String callable = "";
        while (nextElement()) {
            String name = xml.getLocalName();
            String text = text();
            if (LOADERS.contains(name) && text != null) {
                loader = text;
            } else if (name.equals("callable") && text != null) {
                callable = text;
            }
        }
        if (loader.isEmpty()) {
            warnings.add(origin + ": the app at " + mountPoint + " names no script or module, left out");
            return;
        }
        String app = callable.isEmpty() ? loader : loader + ":" + callable;
        found.add(new Assignment("mount", mountPoint + "=" + app, origin));
    }

    /** Moves to the next element on this level; false at the end of the enclosing one. */
    private boolean nextElement() throws XMLStreamException {
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                return true;
            }
            if (event == XMLStreamConstants.END_ELEMENT) {
                return false;
            }
        }
        return false;
    }

    /** Returns the text of this element and moves to its end; null when there are elements in it. */
    private @Nullable String text() throws XMLStreamException {
        StringBuilder text = new StringBuilder();
        boolean plain = true;
        int depth = 1;
        while (depth > 0) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    plain = false;
                    depth++;
                }
                case XMLStreamConstants.END_ELEMENT -> depth--;
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(xml.getText());
                default -> {}
            }
        }
        return plain ? text.toString() : null;
    }

    private void skip() throws XMLStreamException {
        text();
    }
}
