/**
 * Answers with files. A {@link io.juwsgi.plugin.staticfiles.Source} says which directory a path belongs to, {@link
 * io.juwsgi.plugin.staticfiles.SafeOpen} opens what is in it and nothing else, {@link
 * io.juwsgi.plugin.staticfiles.StaticFilter} sends it.
 */
package io.juwsgi.plugin.staticfiles;
