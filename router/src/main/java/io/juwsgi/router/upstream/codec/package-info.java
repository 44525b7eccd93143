/**
 * What upstream servers are told and what they answer, one {@link io.juwsgi.router.upstream.codec.Codec} a connection. No
 * sockets, no policy. Start at {@link io.juwsgi.router.upstream.codec.Codec}; {@link
 * io.juwsgi.router.upstream.codec.HeadReader} is where bad answers are found out.
 */
package io.juwsgi.router.upstream.codec;
