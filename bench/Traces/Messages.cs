using System.Buffers.Binary;
using Slipway.Telemetry.Otlp;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces;

namespace Slipway.Bench.Traces;

/// <summary>
/// Messages as the exporter of a busy service sends them. They are made once; before each use the ids and the times are changed
/// in place, so that making them costs next to nothing beside reading them.
/// </summary>
internal sealed class Messages
{
    private const string IdMark = "deadbeefcafef00d";
    private const ulong Noon = 1_893_499_200_000_000_000;

    // From the second half of a trace id: eight bytes of it, then a tag and a length before each of the others.
    private const int SpanIdPlace = 10;
    private const int ParentIdPlace = 20;

    private readonly byte[] _message;
    private readonly List<int> _ids = [];
    private readonly List<int> _times = [];
    private readonly int _spansOfTrace;
    private ulong _trace;

    public Messages(int spans, int spansOfTrace)
    {
        _spansOfTrace = spansOfTrace;
        var made = Enumerable.Range(0, spans).Select(Span).ToArray();
        var writer = new ProtoWriter();
        OtlpEncoder.Spans(made, writer);
        _message = writer.ToArray();
        var mark = Convert.FromHexString(IdMark);
        for (var place = _message.AsSpan().IndexOf(mark); place >= 0;)
        {
            _ids.Add(place + mark.Length);

            // The next fixed numbers of 64 bits, with the tags of the fields 7 and 8, are the times.
            var time = place + mark.Length + ParentIdPlace;
            while (_message[time] != 0x39 || _message[time + 9] != 0x41)
            {
                time++;
            }

            _times.Add(time + 1);
            var next = _message.AsSpan(place + mark.Length).IndexOf(mark);
            place = next < 0 ? -1 : place + mark.Length + next;
        }
    }

    public ReadOnlySpan<byte> Next()
    {
        for (var index = 0; index < _ids.Count; index++)
        {
            if (index % _spansOfTrace == 0)
            {
                _trace++;
            }

            var id = _message.AsSpan(_ids[index]);
            var part = (ulong)(index % _spansOfTrace);
            BinaryPrimitives.WriteUInt64BigEndian(id, _trace);
            BinaryPrimitives.WriteUInt64BigEndian(id[SpanIdPlace..], StableHash.Mix(_trace) + part);
            if (part > 0)
            {
                BinaryPrimitives.WriteUInt64BigEndian(id[ParentIdPlace..], StableHash.Mix(_trace));
            }

            var started = Noon + (_trace * 3_333_333) + (StableHash.Mix(_trace + part) % 1_000_000);
            BinaryPrimitives.WriteUInt64LittleEndian(_message.AsSpan(_times[index]), started);
            BinaryPrimitives.WriteUInt64LittleEndian(_message.AsSpan(_times[index] + 9), started + 12_345_678 + (StableHash.Mix(started) % 10_000_000));
        }

        return _message;
    }

    private SpanRecord Span(int number)
    {
        var start = 1_893_499_200_000_000_000 + (number * 1_000_000L);
        var part = number % _spansOfTrace;
        return new SpanRecord
        {
            TraceId = IdMark + "0000000000000001",
            SpanId = $"{number + 1:x16}",
            ParentSpanId = part == 0 ? null : $"{number - part + 1:x16}",
            Service = "orders",
            Name = part == 0 ? "POST /api/v1/orders" : "SELECT orders",
            Kind = part == 0 ? SpanKind.Server : SpanKind.Client,
            Start = start,
            End = start + 12_345_678,
            Resource = s_resource,
            Attributes =
            [
                Text("http.request.method", "POST"), Text("http.route", "/api/v1/orders"), Text("url.scheme", "http"), Text("server.address", "127.0.0.1"),
                new SpanAttribute("server.port", AttributeValue.Of(8080)), new SpanAttribute("http.response.status_code", AttributeValue.Of(201)),
                Text("user_agent.original", "slipway-bench/1.0"), Text("order.id", $"order-{number}"),
            ],
        };
    }

    private static readonly SpanAttribute[] s_resource =
        [Text("service.name", "orders"), Text("service.namespace", "shop"), Text("service.instance.id", "orders-00001-abcde"), Text("slipway.revision", "orders-00001")];

    private static SpanAttribute Text(string name, string value) => new(name, AttributeValue.Of(value));
}
