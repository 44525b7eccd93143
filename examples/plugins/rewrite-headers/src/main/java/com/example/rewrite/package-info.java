/** A filter that rewrites header fields with patterns. Start at {@link com.example.rewrite.RewriteHeadersPlugin}. */
@NullMarked
package com.example.rewrite;

import org.jspecify.annotations.NullMarked;
