using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Slipway.Eventing.Tests.Events;

/// <summary>Bodies nobody should send.</summary>
internal static class Hostile
{
    public static readonly string[] Documents =
    [
        """{"specversion":"1.0","id":"1","source":"/s","type":"t","data":{"a":1}}""",
        """[{"specversion":"1.0","id":"1","source":"/s","type":"t"},{"specversion":"1.0","id":"2","source":"/s","type":"t","data_base64":"AAEC"}]""",
        """{"specversion":"1.0","specversion":"1.0","id":"\ud800","source":" ","type":"t"}""",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "", "null", "[]", "{}", "[null]", "\"", "\uFEFF{}",
        """{"id":"1","type":"order.created","payload":{},"timestamp":"2026-01-01T10:00:00Z","metadata":{"correlationId":"c","service":"s"}}""",
    ];

    /// <summary>The text with some bytes changed, left out or put in.</summary>
    public static Gen<byte[]> Damaged(string text) =>
        from times in Gen.Choose(0, 6)
        from places in Gen.Choose(0, int.MaxValue - 1).ArrayOf(times)
        from values in Gen.Choose(0, 255).ArrayOf(times)
        from ways in Gen.Choose(0, 2).ArrayOf(times)
        select Damage(Encoding.UTF8.GetBytes(text), places, values, ways);

    private static byte[] Damage(byte[] bytes, int[] places, int[] values, int[] ways)
    {
        var body = bytes.ToList();
        for (var turn = 0; turn < places.Length; turn++)
        {
            var place = places[turn] % (body.Count + 1);
            if (ways[turn] == 0)
            {
                body.Insert(place, (byte)values[turn]);
            }
            else if (place < body.Count && ways[turn] == 1)
            {
                body[place] = (byte)values[turn];
            }
            else if (place < body.Count)
            {
                body.RemoveAt(place);
            }
        }

        return [.. body];
    }
}
