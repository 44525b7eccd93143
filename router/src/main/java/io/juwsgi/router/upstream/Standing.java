package io.juwsgi.router.upstream;

/** What is known of an endpoint's health, best first. */
enum Standing {
    /** It may get every request. */
    WELL,
    /** It rests after failures, or its last check was good and more must follow: it may be back already. */
    HOPEFUL,
    /** Its last check was bad. */
    DOWN
}
