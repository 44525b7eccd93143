package io.juwsgi.cli.control;

/** A request over the control socket that is wrong or cannot be carried out; the message is one line for the operator. */
final class ControlException extends Exception {
    private static final long serialVersionUID = 1;

    ControlException(String message) {
        super(message);
    }
}
