using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Api.Replies;
using Slipway.Model.Failures;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Api.Content;

/// <summary>
/// Reads one YAML document as JSON. The text is written key by key, so that repeated keys survive to be reported.
/// </summary>
internal static class YamlManifest
{
    /// <summary>A manifest has some hundreds of values; aliases of aliases can have billions.</summary>
    private const int ValuesMax = 100_000;

    private const int DepthMax = 64;

    public static Outcome<Manifest> Read(ReadOnlyMemory<byte> yaml)
    {
        var json = ToJson(yaml);
        return json.Failure is { } failure ? failure : Manifest.FromJson(json.Value);
    }

    public static Outcome<byte[]> ToJson(ReadOnlyMemory<byte> yaml)
    {
        try
        {
            var parser = new Parser(new StringReader(new UTF8Encoding(false, true).GetString(yaml.Span)));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                return Failures.BadRequest("the body is empty");
            }

            parser.Consume<DocumentStart>();
            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
            {
                new Conversion(writer).Value(Record(parser), 0);
            }

            parser.Consume<DocumentEnd>();
            return parser.Accept<StreamEnd>(out _)
                ? buffer.ToArray()
                : Failures.BadRequest("the body holds more than one YAML document; send one object per request");
        }
        catch (YamlException broken)
        {
            return Failures.BadRequest($"the body is not valid YAML: line {broken.Start.Line}: {broken.Message}");
        }
        catch (DecoderFallbackException)
        {
            return Failures.BadRequest("the body is not UTF-8 text");
        }
    }

    /// <summary>All events of the one value that comes next.</summary>
    private static List<ParsingEvent> Record(Parser parser)
    {
        var events = new List<ParsingEvent>();
        var depth = 0;
        do
        {
            var next = parser.Consume<ParsingEvent>();
            depth += next.NestingIncrease;
            events.Add(next);
            if (events.Count > ValuesMax)
            {
                throw new YamlException(next.Start, next.End, $"more than {ValuesMax} values");
            }
        }
        while (depth > 0);

        return events;
    }

    private sealed class Conversion(Utf8JsonWriter writer)
    {
        private readonly Dictionary<string, List<ParsingEvent>> _anchors = new(StringComparer.Ordinal);
        private int _written;

        public void Value(List<ParsingEvent> events, int depth)
        {
            var position = 0;
            Value(events, ref position, depth);
        }

        private void Value(List<ParsingEvent> events, ref int position, int depth)
        {
            var here = events[position];
            if (++_written > ValuesMax || depth > DepthMax)
            {
                throw new YamlException(here.Start, here.End, $"more than {ValuesMax} values, or nested deeper than {DepthMax}");
            }

            Remember(events, position);
            position++;
            switch (here)
            {
                case AnchorAlias alias when _anchors.TryGetValue(alias.Value.Value, out var anchored):
                    Value(anchored, depth + 1);
                    break;
                case AnchorAlias alias:
                    throw new YamlException(alias.Start, alias.End, $"unknown alias *{alias.Value.Value}");
                case Scalar scalar:
                    YamlScalar.Write(writer, scalar);
                    break;
                case SequenceStart:
                    writer.WriteStartArray();
                    while (events[position] is not SequenceEnd)
                    {
                        Value(events, ref position, depth + 1);
                    }

                    position++;
                    writer.WriteEndArray();
                    break;
                case MappingStart:
                    writer.WriteStartObject();
                    while (events[position] is not MappingEnd)
                    {
                        if (events[position] is not Scalar key)
                        {
                            throw new YamlException(here.Start, here.End, "keys must be plain text");
                        }

                        Remember(events, position);
                        position++;
                        writer.WritePropertyName(key.Value);
                        Value(events, ref position, depth + 1);
                    }

                    position++;
                    writer.WriteEndObject();
                    break;
                default:
                    throw new YamlException(here.Start, here.End, $"unexpected {here.GetType().Name}");
            }
        }

        private void Remember(List<ParsingEvent> events, int position)
        {
            if (events[position] is not NodeEvent { Anchor.IsEmpty: false } node)
            {
                return;
            }

            var end = position;
            var depth = 0;
            do
            {
                depth += events[end++].NestingIncrease;
            }
            while (depth > 0);

            _anchors[node.Anchor.Value] = events[position..end];
        }
    }
}
