using Slipway.Model.Failures;
using Slipway.Model.Values;

namespace Slipway.Eventing.Events;

/// <summary>What makes an event acceptable. The first problem is told, with the attribute's name.</summary>
internal static class AttributeRules
{
    public const int EventBytesMax = 1024 * 1024;

    private const int AttributesMax = 64;
    private const int NameLengthMax = 64;
    private const int ValueLengthMax = 2048;
    private const int AllBytesMax = 16 * 1024;

    public static Failure? Check(CloudEvent given)
    {
        foreach (var required in (ReadOnlySpan<string>)["id", "source", "type"])
        {
            if (string.IsNullOrEmpty(given.Attribute(required)))
            {
                return Wrong(required, "is missing: every event needs it, and it must not be empty");
            }
        }

        if (given.Attributes.Count > AttributesMax)
        {
            return new Failure(FailureKind.Malformed, "event-malformed", $"An event may have {AttributesMax} attributes, this one has {given.Attributes.Count}.");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var all = 0;
        foreach (var (name, value) in given.Attributes)
        {
            if (!IsName(name))
            {
                return Wrong(Shown(name), $"is no name for an attribute: write 1 to {NameLengthMax} lower case letters and digits");
            }

            if (!names.Add(name))
            {
                return Wrong(name, "is given twice");
            }

            if (value.Length > ValueLengthMax)
            {
                return Wrong(name, $"has {value.Length} characters, {ValueLengthMax} are allowed");
            }

            if (!IsPlain(value))
            {
                return Wrong(name, "contains control characters or half a character");
            }

            all += name.Length + value.Length;
        }

        if (all > AllBytesMax)
        {
            return new Failure(FailureKind.Malformed, "event-malformed", $"The attributes have {all} characters together, {AllBytesMax} are allowed.");
        }

        return Values(given);
    }

    private static Failure? Values(CloudEvent given)
    {
        if (given.Source.Contains(' ') || !Uri.TryCreate(given.Source, UriKind.RelativeOrAbsolute, out _))
        {
            return Wrong("source", "must be a URI reference such as /retail/orders");
        }

        if (given.Attribute("time") is { } time && !Instant.IsRfc3339(time))
        {
            return Wrong("time", "must be an instant such as 2026-01-31T12:00:00Z");
        }

        if (given.Attribute("dataschema") is { } schema && (schema.Length == 0 || schema.Contains(' ') || !Uri.TryCreate(schema, UriKind.RelativeOrAbsolute, out _)))
        {
            return Wrong("dataschema", "must be a URI");
        }

        if (given.Attribute("subject") is "")
        {
            return Wrong("subject", "must not be empty; leave it out instead");
        }

        return given.DataContentType is { } type && !type.Contains('/')
            ? Wrong("datacontenttype", "must be a media type such as application/json")
            : null;
    }

    public static Failure Wrong(string attribute, string problem) => new(FailureKind.Malformed, "event-malformed", $"{attribute} {problem}.")
    {
        Findings = [new Finding("invalid", problem, attribute)],
    };

    public static bool IsName(string name) =>
        name.Length is > 0 and <= NameLengthMax && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter)) && name != "data";

    private static bool IsPlain(string value)
    {
        for (var index = 0; index < value.Length; index++)
        {
            if (char.IsControl(value[index]))
            {
                return false;
            }

            if (char.IsSurrogate(value[index]))
            {
                if (index + 1 >= value.Length || !char.IsSurrogatePair(value[index], value[index + 1]))
                {
                    return false;
                }

                index++;
            }
        }

        return true;
    }

    private static string Shown(string name) => name.Length <= 40 ? name : name[..40] + "…";
}
