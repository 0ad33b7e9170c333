using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Gateway.Wires;

namespace Slipway.Gateway.Multiplexing;

/// <summary>A client connection on its way into Kestrel, without another socket in between.</summary>
internal sealed class HandedConnection : ConnectionContext, IDuplexPipe, IConnectionIdFeature, IConnectionTransportFeature, IConnectionItemsFeature, IConnectionLifetimeFeature
{
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Wire _wire;

    public HandedConnection(Wire wire, byte[] first, bool secure, string id)
    {
        _wire = wire;
        Secure = secure;
        ConnectionId = id;
        var stream = new WireStream(wire, first);
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, bufferSize: Wire.SmallBuffer, minimumReadSize: 1024));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true, minimumBufferSize: Wire.SmallBuffer));
        RemoteEndPoint = wire.Transport.Peer;
        Transport = this;
        Features = new FeatureCollection();
        Features.Set<IConnectionIdFeature>(this);
        Features.Set<IConnectionTransportFeature>(this);
        Features.Set<IConnectionItemsFeature>(this);
        Features.Set<IConnectionLifetimeFeature>(this);
        Features.Set(this);
    }

    /// <summary>Whether the client came by TLS, which ended before the connection was handed over.</summary>
    public bool Secure { get; }

    /// <summary>The host every request of this connection is routed by, when the port belongs to one service.</summary>
    public byte[]? ServiceHost { get; init; }

    /// <summary>Completes when Kestrel has let go of the connection.</summary>
    public Task Done => _done.Task;

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; }

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override CancellationToken ConnectionClosed { get => _closed.Token; set => throw new NotSupportedException(); }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _wire.Transport.Abort();
        try
        {
            _closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Kestrel may abort a connection that has just ended by itself.
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync().ConfigureAwait(false);
        await Output.CompleteAsync().ConfigureAwait(false);
        _wire.Transport.FinishSending();
        _wire.Transport.Abort();
        await _closed.CancelAsync().ConfigureAwait(false);
        _closed.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
        _done.TrySetResult();
    }
}
