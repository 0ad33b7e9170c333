using System.Globalization;
using System.Text.RegularExpressions;
using Todo.Api.Dates;

namespace Todo.Api.Transfer;

/// <summary>Reads the VTODO components of a calendar, ours or another program's; what is not a todo is passed over.</summary>
internal static partial class CalendarReader
{
    public static TransferFile Read(string text)
    {
        var rows = new List<TransferRow>();
        var open = new Stack<string>();
        Component? todo = null;
        foreach (var line in ContentLines.Unfold(text))
        {
            if (ContentLines.Parse(line) is not { } property)
            {
                return TransferFile.Unreadable("The file is not a calendar: a line has no name and colon.");
            }

            var (name, parameters, value) = property;
            switch (name)
            {
                case "BEGIN":
                    open.Push(value.ToUpperInvariant());
                    if (open.Count > 8)
                    {
                        return TransferFile.Unreadable("Components are nested more than 8 deep.");
                    }

                    todo = open.Peek() == "VTODO" ? new Component() : todo;
                    break;
                case "END":
                    if (open.Count == 0 || !open.Pop().Equals(value, StringComparison.OrdinalIgnoreCase))
                    {
                        return TransferFile.Unreadable($"END:{(value.Length > 20 ? value[..20] : value)} has no matching BEGIN.");
                    }

                    if (value.Equals("VTODO", StringComparison.OrdinalIgnoreCase) && todo is not null)
                    {
                        if (rows.Count == TransferFile.RowsMax)
                        {
                            return TransferFile.Unreadable(TransferFile.TooLong);
                        }

                        rows.Add(todo.Finish(rows.Count + 1));
                        todo = null;
                    }

                    break;
                default:
                    todo?.Take(open.Count == 0 ? "" : open.Peek(), name, parameters, value);
                    break;
            }
        }

        return open.Count > 0 ? TransferFile.Unreadable($"{open.Peek()} is never ended.")
            : rows.Count == 0 && !text.Contains("VCALENDAR", StringComparison.OrdinalIgnoreCase) ? TransferFile.Unreadable("The file holds no VCALENDAR.")
            : new TransferFile(rows);
    }

    [GeneratedRegex(@"^-P(?:(\d{1,3})W|(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,7})M)?(?:\d{1,7}S)?)?)$")]
    private static partial Regex Before();

    /// <summary>One VTODO while its lines come in.</summary>
    private sealed class Component
    {
        private readonly TransferTodo _todo = new();
        private string? _error;
        private DateTime? _moment;
        private bool _isUtc;
        private bool _hasDue;

        public void Take(string component, string name, Dictionary<string, string> parameters, string value)
        {
            if (component == "VALARM")
            {
                TakeTrigger(name, value);
                return;
            }

            if (component != "VTODO")
            {
                return;
            }

            switch (name)
            {
                case "UID": _todo.Id = ContentLines.Unescape(value); break;
                case "RELATED-TO": _todo.ParentId = ContentLines.Unescape(value); break;
                case "SUMMARY": _todo.Title = ContentLines.Unescape(value); break;
                case "DESCRIPTION": _todo.Notes = ContentLines.Unescape(value); break;
                case CalendarWriter.CategoryProperty: _todo.Category = ContentLines.Unescape(value); break;
                case CalendarWriter.ListProperty: _todo.List = ContentLines.Unescape(value); break;
                case CalendarWriter.ZoneProperty: _todo.TimeZone = ContentLines.Unescape(value); break;
                case "CATEGORIES": _todo.Tags.AddRange(ContentLines.List(value)); break;
                case "RRULE": _todo.Recurrence = value; break;
                case "PRIORITY": _todo.Priority = value switch { "1" or "2" or "3" or "4" => "high", "5" => "medium", "6" or "7" or "8" or "9" => "low", _ => "none" }; break;
                case "STATUS": _todo.Completed |= value.Equals("COMPLETED", StringComparison.OrdinalIgnoreCase); break;
                case "COMPLETED":
                    _todo.Completed = true;
                    _todo.CompletedAt = Moment(value);
                    break;
                case "CREATED": _todo.CreatedAt = Moment(value); break;
                case "DUE": TakeDue(parameters, value, due: true); break;
                case "DTSTART" when !_hasDue: TakeDue(parameters, value, due: false); break;
            }
        }

        public TransferRow Finish(int row)
        {
            if (_error is not null)
            {
                return new TransferRow(row, null, _error);
            }

            if (_moment is { } moment)
            {
                if (_isUtc)
                {
                    _todo.TimeZone ??= "UTC";
                    moment = TimeZoneInfo.ConvertTimeFromUtc(moment, TimeZones.FindOrUtc(_todo.TimeZone));
                }

                _todo.DueDate = moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                _todo.DueTime = moment.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
            }

            _todo.Reminders = [.. _todo.Reminders.Distinct().Order()];
            return new TransferRow(row, _todo, null);
        }

        private void TakeTrigger(string name, string value)
        {
            if (name == "TRIGGER" && Before().Match(value.ToUpperInvariant()) is { Success: true } match)
            {
                _todo.Reminders.Add((Part(match, 1) * 7 * 1440) + (Part(match, 2) * 1440) + (Part(match, 3) * 60) + Part(match, 4));
            }
        }

        private static int Part(Match match, int group) =>
            match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

        private void TakeDue(Dictionary<string, string> parameters, string value, bool due)
        {
            _hasDue |= due;
            _moment = null;
            if (DateTime.TryParseExact(value, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                _todo.DueDate = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                return;
            }

            _isUtc = value.EndsWith('Z');
            if (!DateTime.TryParseExact(_isUtc ? value[..^1] : value, "yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment))
            {
                _error = "DUE is a date such as 20260105 or a moment such as 20260105T093000Z.";
                return;
            }

            _moment = moment;
            if (!_isUtc && parameters.TryGetValue("TZID", out var zone))
            {
                _todo.TimeZone = zone;
            }
        }

        private static DateTimeOffset? Moment(string value) =>
            DateTime.TryParseExact(value, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
                ? new DateTimeOffset(moment, TimeSpan.Zero)
                : null;
    }
}
