/** A balancer that gives a new version a part of the requests. Start at {@link com.example.canary.CanaryPlugin}. */
@NullMarked
package com.example.canary;

import org.jspecify.annotations.NullMarked;
