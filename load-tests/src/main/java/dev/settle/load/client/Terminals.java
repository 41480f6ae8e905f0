package dev.settle.load.client;

/**
 * In whose names load is made.
 *
 * @param api the router's, as {@code http://127.0.0.1:8080}
 * @param token of a terminal
 * @param merchants that sell, {@code M000001}…, each with one terminal; an even number
 * @param batches that nobody else uses
 */
public record Terminals(String api, String token, int merchants, Batches batches) {}
