package com.example.jwt;

/** A token that lets nobody in. The message is for the client and tells no secret. */
final class InvalidTokenException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidTokenException(String message) {
        // It is thrown for what clients send: a stack trace would cost more than it tells.
        super(message, null, false, false);
    }
}
