using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Registry.Images;

namespace Slipway.Registry.Distribution;

/// <summary>Where the registry enters the composition root's web application.</summary>
public static class RegistryEndpoints
{
    /// <summary>
    /// Maps the OCI distribution API at <c>/v2/</c>. Repository names contain slashes, which route templates cannot express in
    /// the middle of a path, so one catch-all route hands everything to the registry's own reading of the path.
    /// </summary>
    public static IEndpointConventionBuilder MapRegistry(
        this IEndpointRouteBuilder endpoints, ImageStore images, VerifyRegistryCredential verify, LoopbackAccess loopback)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(verify);
        RequestDelegate handle = images.CreateApi(verify, loopback).HandleAsync;
        return endpoints.Map("/v2/{**rest}", handle).WithDisplayName("OCI registry");
    }
}
