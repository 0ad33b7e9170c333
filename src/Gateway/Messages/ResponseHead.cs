using System.Text;

namespace Slipway.Gateway.Messages;

/// <summary>An instance's answer, read as strictly as a request: a broken framing must not become a broken connection for the next client.</summary>
internal sealed class ResponseHead : MessageHead
{
    public int Status { get; private set; }

    public bool IsInterim => Status is >= 100 and < 200;

    public bool SetsCookie { get; private set; }

    public bool IsUpgrade { get; private set; }

    /// <summary>Start of the status line's code, so that reason phrases pass unchanged.</summary>
    public ReadOnlySpan<byte> StatusAndReason { get => Bytes[9.._reasonEnd]; }

    private int _reasonEnd;

    public HeadError Read(ReadOnlySpan<byte> head)
    {
        Load(head);
        SetsCookie = false;
        IsUpgrade = false;
        var lineEnd = Bytes.IndexOf((byte)'\n');
        if (lineEnd < 1 || Bytes[lineEnd - 1] != '\r')
        {
            return HeadError.BareLineFeed;
        }

        var line = Bytes[..(lineEnd - 1)];
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || line[7] is not ((byte)'0' or (byte)'1') || line[8] != ' '
            || line[9..12].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0 || (line.Length > 12 && line[12] != ' ')
            || line.ContainsAny(Grammar.Controls))
        {
            return HeadError.BadStartLine;
        }

        Status = ((line[9] - '0') * 100) + ((line[10] - '0') * 10) + (line[11] - '0');
        if (Status < 100)
        {
            return HeadError.BadStartLine;
        }

        _reasonEnd = line.Length;
        KeepAlive = line[7] == '1';
        var error = ReadFields(lineEnd + 1, request: false);
        return error != HeadError.None ? error : Understand();
    }

    private HeadError Understand()
    {
        foreach (ref readonly var field in Fields)
        {
            var value = ValueOf(field);
            var error = HeadError.None;
            switch (field.Kind)
            {
                case FieldKind.ContentLength:
                    error = ReadContentLength(value);
                    break;
                case FieldKind.TransferEncoding:
                    error = Chunked || !Ascii.EqualsIgnoreCase(value, "chunked"u8) ? HeadError.BadEncoding : HeadError.None;
                    Chunked = true;
                    break;
                case FieldKind.Connection:
                    HasConnectionOptions = true;
                    if (ListContains(value, "close"u8))
                    {
                        KeepAlive = false;
                    }

                    IsUpgrade |= ListContains(value, "upgrade"u8);
                    break;
                case FieldKind.SetCookie:
                    SetsCookie = true;
                    break;
            }

            if (error != HeadError.None)
            {
                return error;
            }
        }

        return Chunked && ContentLength >= 0 ? HeadError.LengthAndEncoding : HeadError.None;
    }
}
