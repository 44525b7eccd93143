/** CPython's marshal format, as far as the worker link needs it. */
package io.juwsgi.protocol.marshal;
