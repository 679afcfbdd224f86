/* The calendar of the admin would put today in place of a date it does not understand; the server says what is wrong. */
window.jQuery.fn.datetimepicker.defaults.validateOnBlur = false;
