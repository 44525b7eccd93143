/** A Java application that tells about the server's JVM. Start at {@link com.example.runtime.RuntimeInfoPlugin}. */
@NullMarked
package com.example.runtime;

import org.jspecify.annotations.NullMarked;
