using System.Text;
using Slipway.Store.Installation;

namespace Slipway.Api.Certificates;

/// <summary>A kubeconfig that works as it is: server, trust and token inline.</summary>
public static class Kubeconfig
{
    /// <param name="authorityPem">Null for a server in clear text.</param>
    public static string Text(Uri server, string? authorityPem, string token, string @namespace = "default")
    {
        var trust = authorityPem is null
            ? ""
            : $"\n    certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(authorityPem))}";
        return $"""
            apiVersion: v1
            kind: Config
            current-context: slipway
            clusters:
            - name: slipway
              cluster:
                server: {server.GetLeftPart(UriPartial.Authority)}{trust}
            users:
            - name: slipway
              user:
                token: "{token}"
            contexts:
            - name: slipway
              context:
                cluster: slipway
                user: slipway
                namespace: {@namespace}

            """;
    }

    /// <summary>Writes it readable by its owner only, replacing what is there in one step.</summary>
    public static void Write(string path, Uri server, string? authorityPem, string token, string @namespace = "default")
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            OwnerOnlyFile.MakeFolder(folder);
        }

        OwnerOnlyFile.Write(path, Text(server, authorityPem, token, @namespace));
    }
}
