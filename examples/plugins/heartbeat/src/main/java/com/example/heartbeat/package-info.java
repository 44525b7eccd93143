/** A service that says again and again that the server lives. Start at {@link com.example.heartbeat.HeartbeatPlugin}. */
@NullMarked
package com.example.heartbeat;

import org.jspecify.annotations.NullMarked;
