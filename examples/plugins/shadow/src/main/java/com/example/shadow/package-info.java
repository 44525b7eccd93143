/** A filter that sends copies of requests to another server. Start at {@link com.example.shadow.ShadowPlugin}. */
@NullMarked
package com.example.shadow;

import org.jspecify.annotations.NullMarked;
