package io.juwsgi.router.uwsgi;

/** What is particular to questions for named caches (modifier1 111, modifier2 17): they tell the length of a value in another way. */
final class CachePackets {
    private CachePackets() {}

    /** Returns the name of the variable that says how many bytes follow the packet; other commands have no value. */
    static String lengthVariable(UwsgiRequest request) {
        String command = request.variable("cmd");
        return command.equals("set") || command.equals("update") ? "size" : "";
    }
}
