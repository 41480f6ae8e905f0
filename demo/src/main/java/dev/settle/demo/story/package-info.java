/**
 * What merchants, operators and checkers do while terminals sell: a seeded plan of small stories
 * (card changes, freezes, wrong applications), played over the router's public API, and brought to
 * a good end when the run ends. Uses the demo's merchants and its HTTP client, nothing of the
 * router.
 */
@NullMarked
package dev.settle.demo.story;

import org.jspecify.annotations.NullMarked;
