package io.juwsgi.processes.cron;

import java.time.LocalDateTime;

/**
 * When a command runs, in uWSGI's fields: a number is that number, -1 any, -N every number that N divides.
 *
 * @param minute 0 to 59
 * @param hour 0 to 23
 * @param day of the month, 1 to 31
 * @param month 1 to 12
 * @param week the day of the week, 0 to 7; 0 and 7 are Sunday
 */
record CronTime(int minute, int hour, int day, int month, int week) {
    static final int ANY = -1;

    /** Any minute. */
    static final CronTime ALWAYS = new CronTime(ANY, ANY, ANY, ANY, ANY);

    /** Returns whether the command is to run in this minute. With both days given, either will do, as in cron(8). */
    boolean matches(LocalDateTime time) {
        if (!fits(minute, time.getMinute())
                || !fits(hour, time.getHour())
                || !fits(month, time.getMonth().getValue())) {
            return false;
        }
        boolean dayFits = fits(day, time.getDayOfMonth());
        // Java counts Monday 1 to Sunday 7.
        boolean weekFits = fits(week == 7 ? 0 : week, time.getDayOfWeek().getValue() % 7);
        if (day == ANY) {
            return weekFits;
        }
        return week == ANY ? dayFits : dayFits || weekFits;
    }

    private static boolean fits(int field, int value) {
        return field < 0 ? value % -field == 0 : value == field;
    }
}
