package com.example.jwt;

/** The algorithms of signatures (RFC 7518 section 3.1). */
enum Algorithm {
    /** HMAC with SHA-256. */
    HS256,
    /** RSA with SHA-256. */
    RS256
}
