package io.juwsgi.master;

/** How the first start of the application went. */
public sealed interface BootResult {

    /** The application is loaded and the first worker is ready. */
    record Loaded() implements BootResult {}

    /** There is no application to load, which the settings allow; a reload may find one. */
    record NothingToLoad() implements BootResult {}

    /**
     * The application cannot be loaded; the master stops by itself and exits with the same code.
     *
     * @param exitCode 1, or 22 with {@code need-app}
     * @param reason one line, which is in the log already
     */
    record Failed(int exitCode, String reason) implements BootResult {}
}
