using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Slipway.Model.Failures;

namespace Slipway.Telemetry.Traces.Searching;

/// <summary>
/// Reads the part of TraceQL that selects: <c>{ resource.service.name = "x" &amp;&amp; duration > 1s } || { status = error }</c>. What
/// follows a pipe counts and aggregates in TraceQL and is refused here.
/// </summary>
internal sealed class TraceQueryParser
{
    private const int LengthMax = 8192;
    private const int DepthMax = 64;

    private static readonly string[] s_operators = ["=~", "!~", "!=", ">=", "<=", "=", ">", "<"];

    private static readonly Dictionary<string, string> s_intrinsics = new(StringComparer.Ordinal)
    {
        ["name"] = "name", ["status"] = "status", ["statusMessage"] = "statusMessage", ["kind"] = "kind", ["duration"] = "duration",
        ["nestedSetParent"] = "nestedSetParent", ["traceDuration"] = "traceDuration", ["rootName"] = "rootName", ["rootServiceName"] = "rootServiceName",
        ["span:name"] = "name", ["span:status"] = "status", ["span:statusMessage"] = "statusMessage", ["span:kind"] = "kind", ["span:duration"] = "duration",
        ["trace:duration"] = "traceDuration", ["trace:rootName"] = "rootName", ["trace:rootService"] = "rootServiceName",
    };

    private readonly string _text;
    private int _at;
    private int _depth;
    private Failure? _failure;

    private TraceQueryParser(string text) => _text = text;

    public static Outcome<TraceCondition> Parse(string text)
    {
        if (text.Length > LengthMax)
        {
            return new Failure(FailureKind.Invalid, "bad-expression", $"The query has {text.Length} characters, {LengthMax} are allowed.");
        }

        var parser = new TraceQueryParser(text);
        var condition = parser.Traces();
        if (condition is not null && parser.Peek() != '\0')
        {
            parser.Fail(parser.Peek() == '|' ? "counting and aggregating after a pipe is not offered" : "the query should end");
        }

        return parser._failure is { } failure ? failure : Outcome(condition!);
    }

    private static Outcome<TraceCondition> Outcome(TraceCondition condition) => condition;

    private TraceCondition? Traces()
    {
        var left = TracesBoth();
        while (left is not null && Take("||"))
        {
            left = TracesBoth() is { } right ? new OneOf(left, right) : null;
        }

        return left;
    }

    private TraceCondition? TracesBoth()
    {
        var left = TracesOne();
        while (left is not null && Take("&&"))
        {
            left = TracesOne() is { } right ? new BothOf(left, right) : null;
        }

        return left;
    }

    private TraceCondition? TracesOne()
    {
        if (++_depth > DepthMax)
        {
            return Fail<TraceCondition>("nested too deeply");
        }

        try
        {
            if (Take("("))
            {
                var inner = Traces();
                return inner is not null && !Take(")") ? Fail<TraceCondition>("a closing bracket ) is missing") : inner;
            }

            if (!Take("{"))
            {
                return Fail<TraceCondition>("a selection begins with {");
            }

            if (Take("}"))
            {
                return new SomeSpan(new AnySpan());
            }

            var condition = Spans();
            return condition is null ? null : Take("}") ? new SomeSpan(condition) : Fail<TraceCondition>("the closing } is missing");
        }
        finally
        {
            _depth--;
        }
    }

    private SpanCondition? Spans()
    {
        var left = SpansBoth();
        while (left is not null && Take("||"))
        {
            left = SpansBoth() is { } right ? new EitherCondition(left, right) : null;
        }

        return left;
    }

    private SpanCondition? SpansBoth()
    {
        var left = SpansOne();
        while (left is not null && Take("&&"))
        {
            left = SpansOne() is { } right ? new BothConditions(left, right) : null;
        }

        return left;
    }

    private SpanCondition? SpansOne()
    {
        if (++_depth > DepthMax)
        {
            return Fail<SpanCondition>("nested too deeply");
        }

        try
        {
            if (Take("("))
            {
                var inner = Spans();
                return inner is not null && !Take(")") ? Fail<SpanCondition>("a closing bracket ) is missing") : inner;
            }

            return Comparison();
        }
        finally
        {
            _depth--;
        }
    }

    private SpanCondition? Comparison()
    {
        if (Field() is not var (scope, name) || name.Length == 0)
        {
            return Fail<SpanCondition>("a field is expected, such as name, duration, status, resource.service.name or span.http.route");
        }

        if (Array.Find(s_operators, Take) is not { } sign)
        {
            return Fail<SpanCondition>($"after {name} one of {string.Join(' ', s_operators)} is expected");
        }

        if (scope != FieldScope.Intrinsic && sign is "=" or "!=" && Take("nil"))
        {
            return new PresenceCondition(scope, name, Present: sign == "!=");
        }

        if (Operand() is not { } operand)
        {
            return Fail<SpanCondition>("a value is expected: a text in quotation marks, a number, a duration, true or false, or the word of a status or kind");
        }

        var comparison = (Comparison)Array.IndexOf(["=", "!=", "<", "<=", ">", ">=", "=~", "!~"], sign);
        if (comparison is not (Searching.Comparison.Matches or Searching.Comparison.NotMatches))
        {
            return new FieldCondition(scope, name, comparison, operand, null);
        }

        try
        {
            var pattern = new Regex($"^(?:{operand})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
            return new FieldCondition(scope, name, comparison, operand, pattern);
        }
        catch (Exception broken) when (broken is ArgumentException or NotSupportedException)
        {
            return Fail<SpanCondition>($"the regular expression cannot be used: {broken.Message}");
        }
    }

    private (FieldScope Scope, string Name)? Field()
    {
        Peek();
        var begin = _at;
        var text = new StringBuilder();
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '.' or '_' or '-' or ':' or '/' or '"'))
        {
            if (_text[_at] == '"')
            {
                // A name with odd characters stands in quotation marks: span."my key".
                if (Quoted('"') is not { } quoted)
                {
                    return null;
                }

                text.Append(quoted);
                continue;
            }

            text.Append(_text[_at++]);
        }

        var name = text.ToString();
        if (s_intrinsics.TryGetValue(name, out var intrinsic))
        {
            return (FieldScope.Intrinsic, intrinsic);
        }

        foreach (var (prefix, scope) in new[] { ("resource.", FieldScope.Resource), ("span.", FieldScope.Span), (".", FieldScope.Either) })
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return (scope, name[prefix.Length..]);
            }
        }

        _at = begin;
        return null;
    }

    private AttributeValue? Operand()
    {
        var next = Peek();
        if (next is '"' or '`')
        {
            return Quoted(next) is { } text ? AttributeValue.Of(text) : null;
        }

        var begin = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '.' or '-' or '+' or 'µ' or '_'))
        {
            _at++;
        }

        var word = _text[begin.._at];
        return word switch
        {
            "true" => AttributeValue.Of(true),
            "false" => AttributeValue.Of(false),
            "error" or "ok" or "unset" or "server" or "client" or "producer" or "consumer" or "internal" => AttributeValue.Of(word),
            _ when long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => AttributeValue.Of(whole),
            _ when double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction) => AttributeValue.Of(fraction),
            _ when TraceDuration.Parse(word) is { } nanoseconds => AttributeValue.Of(nanoseconds),
            _ => null,
        };
    }

    private string? Quoted(char mark)
    {
        var text = new StringBuilder();
        for (_at++; _at < _text.Length; _at++)
        {
            var character = _text[_at];
            if (character == mark)
            {
                _at++;
                return text.ToString();
            }

            if (character == '\\' && mark == '"' && _at + 1 < _text.Length)
            {
                character = _text[++_at] switch
                {
                    'n' => '\n',
                    't' => '\t',
                    var other => other,
                };
            }

            text.Append(character);
        }

        Fail("the closing quotation mark is missing");
        return null;
    }

    private bool Take(string sign)
    {
        Peek();
        if (string.CompareOrdinal(_text, _at, sign, 0, sign.Length) != 0)
        {
            return false;
        }

        _at += sign.Length;
        return true;
    }

    private char Peek()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }

        return _at < _text.Length ? _text[_at] : '\0';
    }

    private T? Fail<T>(string what)
        where T : class
    {
        Fail(what);
        return null;
    }

    private void Fail(string what) =>
        _failure ??= new Failure(FailureKind.Invalid, "bad-expression", $"At character {_at + 1}: {what}.");
}
