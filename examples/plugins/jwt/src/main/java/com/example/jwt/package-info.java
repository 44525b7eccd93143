/** A filter that lets in who has a valid JSON Web Token. Start at {@link com.example.jwt.JwtPlugin}. */
@NullMarked
package com.example.jwt;

import org.jspecify.annotations.NullMarked;
