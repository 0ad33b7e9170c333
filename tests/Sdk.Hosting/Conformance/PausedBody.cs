using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Slipway.Sdk.Hosting.Conformance;

/// <summary>A JSON body that stops in the middle until told to go on, so a request runs for as long as a test wants.</summary>
public sealed class PausedBody : HttpContent
{
    private readonly byte[] _bytes;
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PausedBody(string json)
    {
        _bytes = Encoding.UTF8.GetBytes(json);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    public void GoOn() => _goOn.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var half = _bytes.Length / 2;
        await stream.WriteAsync(_bytes.AsMemory(0, half));
        await stream.FlushAsync();
        await _goOn.Task;
        await stream.WriteAsync(_bytes.AsMemory(half));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
