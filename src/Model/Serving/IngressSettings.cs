namespace Slipway.Model.Serving;

/// <summary>How the data plane is reached from outside: the parts every URL of a service is made of.</summary>
public sealed record IngressSettings(string Domain = "localhost", string Scheme = "http", int Port = 8080)
{
    public string HostOf(string @namespace, string service) => $"{service}.{@namespace}.{Domain}";

    public string TagHostOf(string @namespace, string service, string tag) => $"{tag}-{service}.{@namespace}.{Domain}";

    /// <summary>The port stands in the URL only when it is not the scheme's own.</summary>
    public string UrlOf(string host) =>
        (Scheme, Port) is ("http", 80) or ("https", 443) ? $"{Scheme}://{host}" : $"{Scheme}://{host}:{Port}";
}
