package io.juwsgi.plugin.headers;

import io.juwsgi.config.typed.Doc;
import java.util.List;

/**
 * What is done to the fields of every response, in this order: remove, set, add.
 *
 * @param set fields as {@code Name: value} that replace those of the same name
 * @param add fields as {@code Name: value} that stand beside those of the same name
 * @param remove names
 */
@Doc("change the header fields of responses")
record HeaderSettings(
        @Doc("replace a response header field: \"Name: value\"")
        List<String> set,

        @Doc("add a response header field: \"Name: value\"") List<String> add,
        @Doc("remove a response header field by name") List<String> remove) {

    HeaderSettings {
        set.forEach(text -> Field.parse("set", text));
        add.forEach(text -> Field.parse("add", text));
        remove.forEach(name -> Field.checkName("remove", name));
    }
}
