package io.juwsgi.plugin.staticfiles;

import org.jspecify.annotations.Nullable;

/**
 * What the rules for files' names say of one; found when it is opened.
 *
 * @param precompressed whether compressed files beside it are sent in its place
 * @param expiry when it expires, by its name or its type; null when only rules for requests may tell
 */
record FileTraits(boolean precompressed, @Nullable Expiry expiry) {}
