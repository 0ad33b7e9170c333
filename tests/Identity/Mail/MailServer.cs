using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Slipway.Identity.Tests.Mail;

/// <summary>A mail server for tests on the loopback address that says what it is told to and keeps what it is sent.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    public MailServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"smtp://127.0.0.1:{Port}";

    /// <summary>What EHLO offers beside the name.</summary>
    public string[] Offers { get; init; } = [];

    public X509Certificate2? Certificate { get; init; }

    /// <summary>Answers to commands that differ from the polite one; taken once each.</summary>
    public Queue<(string Command, string Reply)> Surprises { get; } = new();

    public List<string> Commands { get; } = [];

    public List<string> Messages { get; } = [];

    public static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(80));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                try
                {
                    await TalkAsync(client.GetStream());
                }
                catch (Exception failure) when (failure is IOException or System.Security.Authentication.AuthenticationException)
                {
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        await SayAsync(stream, "220 mail.test ready");
        while (await LineAsync(stream) is { } line)
        {
            Commands.Add(line);
            var verb = line.Split(' ')[0].ToUpperInvariant();
            if (Surprises.TryPeek(out var surprise) && surprise.Command == verb)
            {
                Surprises.Dequeue();
                await SayAsync(stream, surprise.Reply);
                continue;
            }

            switch (verb)
            {
                case "EHLO":
                    await SayAsync(stream, string.Join("\r\n", ["250-mail.test", .. Offers.Select(offer => $"250-{offer}"), "250 8BITMIME"]));
                    break;
                case "STARTTLS":
                    await SayAsync(stream, "220 go ahead");
                    var secure = new SslStream(stream);
                    await secure.AuthenticateAsServerAsync(Certificate!);
                    stream = secure;
                    break;
                case "AUTH":
                    await SayAsync(stream, "235 welcome");
                    break;
                case "DATA":
                    await SayAsync(stream, "354 go on");
                    var message = new StringBuilder();
                    while (await LineAsync(stream) is { } text && text != ".")
                    {
                        message.Append(text).Append("\r\n");
                    }

                    lock (Messages)
                    {
                        Messages.Add(message.ToString());
                    }

                    await SayAsync(stream, "250 taken");
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 bye");
                    return;
                default:
                    await SayAsync(stream, "250 fine");
                    break;
            }
        }
    }

    private async Task SayAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), _end.Token);

    private async Task<string?> LineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _end.Token) > 0)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        return null;
    }
}
