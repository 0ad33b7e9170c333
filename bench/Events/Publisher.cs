using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Slipway.Events.Bench;

/// <summary>Sends batches of events as a service's outbox does.</summary>
internal sealed class Publisher(HttpClient http, string path)
{
    private static readonly MediaTypeHeaderValue s_batch = new("application/cloudevents-batch+json");
    private static long s_numbers;

    public async Task SendAsync(int events)
    {
        var body = new StringBuilder(events * 420).Append('[');
        for (var index = 0; index < events; index++)
        {
            var number = Interlocked.Increment(ref s_numbers);
            var key = number % 997;
            body.Append(index == 0 ? "" : ",").Append(
                CultureInfo.InvariantCulture,
                $$"""{"specversion":"1.0","id":"{{Guid.NewGuid()}}","source":"/retail/orders","type":"slipway.retail.order.created.v1","subject":"order-{{key}}","time":"2026-01-15T09:30:00.123Z","datacontenttype":"application/json","correlationid":"0198f2c4-7d10-7a55-9c1e-2b6f0a9d4e11","sequence":"{{number:D10}}","data":{"at":"{{TimeProvider.System.GetTimestamp():D20}}","orderId":"order-{{key}}","amount":4897,"currency":"EUR","lines":[{"sku":"A-1","quantity":2}]} }""");
        }

        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.Append(']').ToString()));
        content.Headers.ContentType = s_batch;
        using var answer = await http.PostAsync(path, content);
        answer.EnsureSuccessStatusCode();
    }
}
